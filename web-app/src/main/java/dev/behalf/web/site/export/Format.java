package dev.behalf.web.site.export;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/** The format that a client wants a list in. Controllers receive it as an argument. */
public enum Format {
  HTML("text/html"),
  JSON("application/json"),
  CSV("text/csv"),
  PLAIN("text/plain");

  private static final Map<String, Format> BY_WORD =
      Map.of("html", HTML, "json", JSON, "csv", CSV, "txt", PLAIN);

  private final String type;

  Format(String type) {
    this.type = type;
  }

  /** Returns the media type with its charset. */
  public String contentType() {
    return type + ";charset=UTF-8";
  }

  /**
   * Returns the format that {@code ?format=csv} names, which a link can carry, else the one of the
   * Accept header, else a page.
   */
  static Format wanted(HttpServletRequest request) {
    var word = BY_WORD.get(String.valueOf(request.getParameter("format")));
    return word == null ? accepted(request.getHeader("Accept")) : word;
  }

  private static Format accepted(@Nullable String accept) {
    for (var accepted : parse(accept)) {
      for (var format : values()) {
        if (accepted.includes(MediaType.valueOf(format.type))) {
          return format;
        }
      }
    }
    return HTML;
  }

  private static List<MediaType> parse(@Nullable String accept) {
    try {
      var types = MediaType.parseMediaTypes(accept);
      MimeTypeUtils.sortBySpecificity(types);
      types.sort(Comparator.comparingDouble(MediaType::getQualityValue).reversed());
      return types;
    } catch (InvalidMediaTypeException unreadable) {
      return List.of();
    }
  }
}
