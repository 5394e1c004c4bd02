package dev.behalf.web.site.pages;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The site's address as its users know it, for commands that they copy. */
@Component
public class Site {

  private final String publicUrl;

  Site(@Value("${behalf.public-url:}") String publicUrl) {
    this.publicUrl = publicUrl;
  }

  /** Returns the address without a trailing slash. */
  public String address(HttpServletRequest request) {
    return publicUrl.isEmpty()
        ? ServletUriComponentsBuilder.fromRequestUri(request).replacePath(null).toUriString()
        : publicUrl;
  }
}
