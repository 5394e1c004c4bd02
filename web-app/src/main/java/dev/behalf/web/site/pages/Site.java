package dev.behalf.web.site.pages;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder;

/** The site's address as its users know it. */
@Component
public class Site {

  private final String publicUrl;
  private final String ownUrl;

  Site(@Value("${behalf.public-url:}") String publicUrl, @Value("${server.port:8080}") int port) {
    this.publicUrl = publicUrl.replaceFirst("/+$", "");
    this.ownUrl = this.publicUrl.isEmpty() ? "http://localhost:" + port : this.publicUrl;
    origin(ownUrl);
  }

  /** Returns the address without a trailing slash, for commands that users copy. */
  public String address(HttpServletRequest request) {
    return publicUrl.isEmpty()
        ? ServletUriComponentsBuilder.fromRequestUri(request).replacePath(null).toUriString()
        : publicUrl;
  }

  /** Returns whether the address is configured. */
  public boolean isPublic() {
    return !publicUrl.isEmpty();
  }

  /**
   * Returns the address without a trailing slash, whatever a request says: anybody can make up a
   * Host header.
   */
  public String ownAddress() {
    return ownUrl;
  }

  /** Returns the scheme, host and port of the own address, as a browser writes them. */
  public URI origin() {
    return origin(ownUrl);
  }

  private static URI origin(String address) {
    var uri = UriComponentsBuilder.fromUriString(address).build();
    var scheme = String.valueOf(uri.getScheme());
    if (uri.getHost() == null || !Set.of("http", "https").contains(scheme)) {
      throw new IllegalStateException(
          "Set behalf.public-url (BEHALF_PUBLIC_URL) to an address such as"
              + " https://behalf.example.com, not to \""
              + address
              + "\".");
    }
    var usual = scheme.equals("https") ? 443 : 80;
    var port = uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
    return URI.create(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port);
  }
}
