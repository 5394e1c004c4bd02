package dev.behalf.cli.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Where a Behalf answers: scheme, host, port, and a path where it stands below one. */
public record ServerAddress(URI uri) {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

  /**
   * Reads what a person has typed.
   *
   * @throws IllegalArgumentException with a sentence for that person
   */
  public static ServerAddress parse(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw unusable(text);
    }
    var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!Set.of("http", "https").contains(scheme)
        || uri.getHost() == null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw unusable(text);
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "Leave user and password out of the address: a key is all there is to sign in with.");
    }
    var host = uri.getHost().toLowerCase(Locale.ROOT);
    var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    var path = uri.getRawPath().replaceFirst("/+$", "");
    return new ServerAddress(URI.create(scheme + "://" + host + port + path));
  }

  private static IllegalArgumentException unusable(String text) {
    return new IllegalArgumentException(
        "Write the server as https://behalf.example.com: \"" + text + "\" is no such address.");
  }

  /** Whoever is on the way to it can read the key. */
  public boolean isExposed() {
    return "http".equals(uri.getScheme()) && !LOOPBACK.matcher(uri.getHost()).matches();
  }

  URI resolve(String path) {
    return URI.create(uri + path);
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
