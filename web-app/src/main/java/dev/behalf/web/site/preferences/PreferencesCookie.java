package dev.behalf.web.site.preferences;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/** The cookie {@code look=dark|zh-CN|Asia/Shanghai}, which does not identify the user. */
final class PreferencesCookie {

  private static final String NAME = "look";
  private static final Duration AGE = Duration.ofDays(400); // the maximum that browsers allow

  private PreferencesCookie() {}

  static DisplayPreferences read(HttpServletRequest request) {
    return Arrays.stream(Objects.requireNonNullElse(request.getCookies(), new Cookie[0]))
        .filter(cookie -> cookie.getName().equals(NAME))
        .map(cookie -> cookie.getValue().split("\\|", -1))
        .filter(parts -> parts.length == 3)
        .map(parts -> DisplayPreferences.of(parts[0], parts[1], parts[2]))
        .findFirst()
        .orElse(DisplayPreferences.UNCHOSEN);
  }

  static void write(DisplayPreferences preferences, HttpServletResponse response) {
    var value =
        String.join("|", preferences.theme(), preferences.language(), preferences.zone().getId());
    var cookie =
        ResponseCookie.from(NAME, value).path("/").httpOnly(true).sameSite("Lax").maxAge(AGE);
    response.addHeader(HttpHeaders.SET_COOKIE, cookie.build().toString());
  }
}
