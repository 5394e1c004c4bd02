package dev.behalf.web.identity.platforms;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The properties of a platform to create.
 *
 * @param origins web origins, such as {@code https://shop.example}
 */
public record NewPlatform(String name, Set<Scope> scopes, List<String> origins) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");
  private static final int MAX_ORIGINS = 20;
  private static final int MAX_ORIGIN = 190;

  /**
   * Checks that the platform can be created.
   *
   * @throws Problem about the first invalid field
   */
  void check() {
    if (!NAME.matcher(name).matches()) {
      throw fault(
          "name",
          "Write the name with 1 to 31 lower-case letters, digits and hyphens, a letter first.");
    }
    if (scopes.isEmpty() || !Scope.OF_PLATFORMS.containsAll(scopes)) {
      throw fault("scopes", "Choose at least one scope of platforms.");
    }
    if (origins.size() > MAX_ORIGINS || !origins.stream().allMatch(NewPlatform::isOrigin)) {
      throw fault(
          "origins",
          "Write at most 20 origins as https://shop.example, without a path; http only for"
              + " localhost and 127.0.0.1.");
    }
  }

  /** Returns whether a text is an origin as browsers send it (RFC 6454, section 6.2). */
  private static boolean isOrigin(String text) {
    try {
      var uri = new URI(text);
      var host = uri.getHost();
      return text.length() <= MAX_ORIGIN
          && host != null
          && host.equals(host.toLowerCase(Locale.ROOT))
          && text.equals(uri.getScheme() + "://" + uri.getRawAuthority())
          && uri.getRawUserInfo() == null
          && ("https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme())
                  && (host.equals("localhost") || host.equals("127.0.0.1"))));
    } catch (URISyntaxException none) {
      return false;
    }
  }

  private static Problem fault(String field, String sentence) {
    return new Problem(ProblemCode.PAYLOAD_INVALID, sentence).about(field);
  }
}
