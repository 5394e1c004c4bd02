package dev.behalf.web.identity.keylookup;

import dev.behalf.contract.Environment;
import dev.behalf.web.identity.oauth.SigningKeys;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

/**
 * Issues the tokens that say to an engine's audience, such as the team's own API, whose work a job
 * is. They are signed with the published keys. No door of Behalf takes them: their type is not that
 * of an access token.
 */
@Component
class JobTokens {

  static final String TYPE = "behalf-job+jwt";

  private static final Duration LIFE = Duration.ofMinutes(15);

  private final SigningKeys keys;
  private final JwtEncoder encoder;
  private final InstantSource clock;

  JobTokens(SigningKeys keys, InstantSource clock) {
    this.keys = keys;
    this.encoder = new NimbusJwtEncoder(keys);
    this.clock = clock;
  }

  /**
   * Returns a token for a job.
   *
   * @param issuer the address of this installation
   * @param operation the operation and its version, which acts for the user
   */
  String issue(
      String issuer,
      UUID userId,
      UUID jobId,
      Environment environment,
      String operation,
      String audience) {
    var now = clock.instant();
    var header = JwsHeader.with(SignatureAlgorithm.ES256).keyId(keys.current()).type(TYPE).build();
    var claims =
        JwtClaimsSet.builder()
            .issuer(issuer)
            .subject(userId.toString())
            .audience(List.of(audience))
            .id(jobId.toString())
            .issuedAt(now)
            .expiresAt(now.plus(LIFE))
            .claim("act", Map.of("sub", "engine:" + operation))
            .claim("environment", environment.wire())
            .build();
    return encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
  }
}
