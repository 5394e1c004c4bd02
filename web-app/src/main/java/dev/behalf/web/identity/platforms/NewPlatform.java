package dev.behalf.web.identity.platforms;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.WebOrigin;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The properties of a platform to create.
 *
 * @param origins web origins, such as {@code https://shop.example}
 */
public record NewPlatform(String name, Set<Scope> scopes, List<String> origins) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");

  /**
   * Checks that the platform can be created.
   *
   * @throws Problem about the first invalid field
   */
  void check() {
    if (!NAME.matcher(name).matches()) {
      throw fault(
              "name",
              "Write the name with 1 to 31 lower-case letters, digits and hyphens, a letter first.")
          .inWords("platforms.fault.name");
    }
    if (scopes.isEmpty() || !Scope.OF_PLATFORMS.containsAll(scopes)) {
      throw fault("scopes", "Choose at least one scope of platforms.");
    }
    if (origins.size() > WebOrigin.MAX || !origins.stream().allMatch(WebOrigin::isValid)) {
      throw fault(
              "origins",
              "Write at most 20 origins as https://shop.example, without a path and a default"
                  + " port; http only for localhost and 127.0.0.1.")
          .inWords("platforms.fault.origins", WebOrigin.MAX);
    }
  }

  private static Problem fault(String field, String sentence) {
    return new Problem(ProblemCode.PAYLOAD_INVALID, sentence).about(field);
  }
}
