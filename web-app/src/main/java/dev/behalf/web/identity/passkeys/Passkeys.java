package dev.behalf.web.identity.passkeys;

import dev.behalf.contract.StorableText;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.Problems;
import dev.behalf.web.identity.passkeys.StoredPasskeys.Passkey;
import dev.behalf.web.site.audit.Actor;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.mail.MailKind;
import dev.behalf.web.site.mail.Outbox;
import dev.behalf.web.site.pages.Site;
import jakarta.servlet.http.HttpSession;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.web.webauthn.api.AuthenticatorAssertionResponse;
import org.springframework.security.web.webauthn.api.AuthenticatorAttestationResponse;
import org.springframework.security.web.webauthn.api.AuthenticatorSelectionCriteria;
import org.springframework.security.web.webauthn.api.PublicKeyCredential;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialCreationOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRequestOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRpEntity;
import org.springframework.security.web.webauthn.api.ResidentKeyRequirement;
import org.springframework.security.web.webauthn.api.UserVerificationRequirement;
import org.springframework.security.web.webauthn.jackson.WebauthnJacksonModule;
import org.springframework.security.web.webauthn.management.ImmutablePublicKeyCredentialCreationOptionsRequest;
import org.springframework.security.web.webauthn.management.ImmutablePublicKeyCredentialRequestOptionsRequest;
import org.springframework.security.web.webauthn.management.ImmutableRelyingPartyRegistrationRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyAuthenticationRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyPublicKey;
import org.springframework.security.web.webauthn.management.UserCredentialRepository;
import org.springframework.security.web.webauthn.management.WebAuthnRelyingPartyOperations;
import org.springframework.security.web.webauthn.management.Webauthn4JRelyingPartyOperations;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Registers passkeys and signs in with them. An authenticator must verify its user, by a PIN or a
 * fingerprint: a passkey is then two factors, and no code is asked for after it.
 *
 * @see <a href="https://www.w3.org/TR/webauthn-3/">Web Authentication, level 3</a>
 */
@Component
class Passkeys {

  /** Maximum length of a browser's answer, in UTF-16 units. */
  static final int MAX_ANSWER = 32_000;

  private static final int MAX_LABEL = 60;

  private static final JsonMapper JSON =
      JsonMapper.builder().addModule(new WebauthnJacksonModule()).build();

  private final StoredPasskeys stored;
  private final WebAuthnRelyingPartyOperations registrations;
  private final WebAuthnRelyingPartyOperations signIns;
  private final AuditLog audit;
  private final Outbox outbox;
  private final TransactionTemplate transaction;
  private final InstantSource clock;
  private final String origin;

  Passkeys(
      StoredPasskeys stored,
      PasskeyUsers users,
      Site site,
      AuditLog audit,
      Outbox outbox,
      TransactionTemplate transaction,
      InstantSource clock) {
    this.stored = stored;
    this.audit = audit;
    this.outbox = outbox;
    this.transaction = transaction;
    this.clock = clock;
    this.origin = site.origin().toString();
    this.registrations = operations(stored.forRegistration(), users);
    this.signIns = operations(stored.forSignIn(), users);
  }

  private WebAuthnRelyingPartyOperations operations(
      UserCredentialRepository stored, PasskeyUsers users) {
    var made =
        new Webauthn4JRelyingPartyOperations(
            users,
            stored,
            PublicKeyCredentialRpEntity.builder()
                .id(URI.create(origin).getHost())
                .name("Behalf")
                .build(),
            Set.of(origin));
    made.setCustomizeCreationOptions(
        options ->
            options
                .timeout(Ceremony.TIMEOUT)
                .authenticatorSelection(
                    AuthenticatorSelectionCriteria.builder()
                        .userVerification(UserVerificationRequirement.REQUIRED)
                        .residentKey(ResidentKeyRequirement.REQUIRED)
                        .build()));
    made.setCustomizeRequestOptions(
        options ->
            options
                .timeout(Ceremony.TIMEOUT)
                .userVerification(UserVerificationRequirement.REQUIRED));
    return made;
  }

  /** Returns the only origin at which browsers let passkeys of this site be used. */
  String origin() {
    return origin;
  }

  List<Passkey> list(UUID userId) {
    return stored.list(userId);
  }

  boolean isFull(UUID userId) {
    return list(userId).size() >= StoredPasskeys.MOST;
  }

  /** Begins a registration; returns the options for the browser, as JSON. */
  String beginRegistration(UUID userId, HttpSession session) {
    var user =
        UsernamePasswordAuthenticationToken.authenticated(userId.toString(), null, List.of());
    var options =
        registrations.createPublicKeyCredentialCreationOptions(
            new ImmutablePublicKeyCredentialCreationOptionsRequest(user));
    new Ceremony<>(options, clock.instant()).keepIn(session);
    return JSON.writeValueAsString(options);
  }

  /** Stores the passkey that a browser has made; returns whether its answer is right. */
  boolean register(UUID userId, String answer, String label, HttpSession session, Actor actor) {
    var options =
        Ceremony.take(session, PublicKeyCredentialCreationOptions.class, clock.instant())
            .filter(asked -> UserHandle.of(userId).equals(asked.getUser().getId()));
    return options.isPresent()
        && Boolean.TRUE.equals(
            verified(
                    () ->
                        transaction.execute(
                            status -> {
                              register(options.get(), answer, named(label));
                              tell(userId, actor, "account.passkey_added", named(label));
                              return true;
                            }))
                .orElse(false));
  }

  private void register(PublicKeyCredentialCreationOptions options, String answer, String label) {
    var credential =
        JSON.readValue(
            answer, new TypeReference<PublicKeyCredential<AuthenticatorAttestationResponse>>() {});
    registrations.registerCredential(
        new ImmutableRelyingPartyRegistrationRequest(
            options, new RelyingPartyPublicKey(credential, label)));
  }

  /** Removes a passkey of a user. */
  void remove(UUID userId, UUID id, Actor actor) {
    transaction.executeWithoutResult(
        status -> {
          var label = stored.remove(userId, id).orElseThrow(Problem::notFound);
          tell(userId, actor, "account.passkey_removed", label);
        });
  }

  /** Begins a sign-in; returns the options for the browser, as JSON. */
  String beginSignIn(HttpSession session) {
    var options =
        signIns.createCredentialRequestOptions(
            new ImmutablePublicKeyCredentialRequestOptionsRequest(null));
    new Ceremony<>(options, clock.instant()).keepIn(session);
    return JSON.writeValueAsString(options);
  }

  /** Returns the user whose passkey has signed the challenge of this session. */
  Optional<UUID> signIn(String answer, HttpSession session) {
    return Ceremony.take(session, PublicKeyCredentialRequestOptions.class, clock.instant())
        .flatMap(
            options ->
                verified(
                    () ->
                        UserHandle.userId(
                            signIns
                                .authenticate(
                                    new RelyingPartyAuthenticationRequest(
                                        options,
                                        JSON.readValue(
                                            answer,
                                            new TypeReference<
                                                PublicKeyCredential<
                                                    AuthenticatorAssertionResponse>>() {})))
                                .getId())));
  }

  /**
   * Returns what the library finds; empty if it throws, as it does in many ways for an answer that
   * is wrong.
   */
  private static <T> Optional<T> verified(Supplier<T> found) {
    try {
      return Optional.ofNullable(found.get());
    } catch (RuntimeException wrong) {
      var isRefused = wrong instanceof DataIntegrityViolationException;
      if (Problems.isTransient(wrong) || (wrong instanceof DataAccessException && !isRefused)) {
        throw wrong;
      }
      return Optional.empty();
    }
  }

  private static String named(String label) {
    var named = StorableText.shortened(label.strip(), MAX_LABEL);
    return named.isEmpty() ? "Passkey" : named;
  }

  private void tell(UUID userId, Actor actor, String action, String label) {
    audit.write(userId, actor, action, null, Map.of("label", label));
    outbox.tell(userId, MailKind.PASSKEYS_CHANGED, List.of(), null);
  }
}
