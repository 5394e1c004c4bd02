package dev.behalf.web.identity.platforms;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StorableText;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.identity.accounts.AccountAccess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a platform says about one of its users. What is left out stays as it is; an empty value
 * clears it.
 *
 * @param email for people who read it; it links no accounts and nobody signs in with it
 * @param quota the limits of this and later months, in units
 * @param permissions names that definitions of operations ask for
 * @param metadata the platform's own words about the user, at most 1 KB as JSON
 */
record UserProperties(
    @Nullable String name,
    @Nullable String email,
    @Nullable UserQuota quota,
    @Nullable List<String> permissions,
    @Nullable Map<String, String> metadata) {

  private static final int MAX_TEXT = 200;
  private static final int MAX_METADATA = 1024;

  /**
   * The limits of a user's quota, in units a month.
   *
   * @param live null if it stays as it is or, in an answer, if it is that of the installation
   */
  record UserQuota(@Nullable Long live, @Nullable Long test) {}

  /**
   * Checks what can be checked without the user.
   *
   * @throws Problem about the first invalid property
   */
  void check() {
    requireText("name", name);
    requireText("email", email);
    if (quota != null && (isNegative(quota.live()) || isNegative(quota.test()))) {
      throw fault("quota", "Choose limits of 0 or more units.");
    }
    if (permissions != null && !AccountAccess.arePermissions(permissions)) {
      throw fault(
          "permissions", "Give at most 50 names of lower-case letters, digits and hyphens.");
    }
    if (metadata != null
        && (metadata.containsValue(null) || bytes(metadataText()) > MAX_METADATA)) {
      throw fault(
          "metadata", "Keep the metadata within 1,024 bytes as JSON, with texts as values.");
    }
  }

  /** Returns the metadata as it is stored. */
  String metadataText() {
    return StrictJson.text(metadata == null ? Map.of() : metadata);
  }

  private static void requireText(String field, @Nullable String text) {
    if (text != null
        && (text.codePointCount(0, text.length()) > MAX_TEXT || !StorableText.isStorable(text))) {
      throw fault(field, "Keep it within 200 characters.");
    }
  }

  private static boolean isNegative(@Nullable Long units) {
    return units != null && units < 0;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Problem fault(String field, String sentence) {
    return new Problem(ProblemCode.PAYLOAD_INVALID, sentence).about(field);
  }
}
