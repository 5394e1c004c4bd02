package dev.behalf.web.site.pages;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The site's address as its users know it. */
@Component
public class Site {

  private final String publicUrl;
  private final int port;

  Site(@Value("${behalf.public-url:}") String publicUrl, @Value("${server.port:8080}") int port) {
    this.publicUrl =
        publicUrl.endsWith("/") ? publicUrl.substring(0, publicUrl.length() - 1) : publicUrl;
    this.port = port;
  }

  /** Returns the address without a trailing slash, for commands that users copy. */
  public String address(HttpServletRequest request) {
    return publicUrl.isEmpty()
        ? ServletUriComponentsBuilder.fromRequestUri(request).replacePath(null).toUriString()
        : publicUrl;
  }

  public boolean isPublic() {
    return !publicUrl.isEmpty();
  }

  /**
   * Returns the address, without a trailing slash, whatever a request says: anybody can make up a
   * Host header.
   */
  public String origin() {
    return publicUrl.isEmpty() ? "http://localhost:" + port : publicUrl;
  }
}
