package dev.behalf.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The address of a Behalf server: scheme, host, port, and a path if the server is below one. */
public record ServerAddress(URI uri) {

  /** Refuses what {@link #isExposed} could not judge. */
  public ServerAddress {
    if (!Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
        || uri.getHost() == null) {
      throw unusable(uri.toString());
    }
  }

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

  /**
   * Parses an address as a person types it.
   *
   * @throws IllegalArgumentException with a message for that person
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
          "Remove the user and password from the address: only a key signs you in.");
    }
    var host = uri.getHost().toLowerCase(Locale.ROOT);
    var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    var path = uri.getRawPath().replaceFirst("/+$", "");
    return new ServerAddress(URI.create(scheme + "://" + host + port + path));
  }

  private static IllegalArgumentException unusable(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not a server address: write it as https://behalf.example.com.");
  }

  /** Returns whether others on the network could read the key: plain HTTP to another machine. */
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
