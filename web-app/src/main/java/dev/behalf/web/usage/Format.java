package dev.behalf.web.usage;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MimeTypeUtils;

/** In which form somebody wants to read what stands at an address. */
enum Format {
  HTML("text/html"),
  JSON("application/json"),
  CSV("text/csv"),
  PLAIN("text/plain");

  private final String type;

  Format(String type) {
    this.type = type;
  }

  /** A page for who does not say. */
  static Format of(@Nullable String accept) {
    for (var wanted : parse(accept)) {
      for (var format : values()) {
        if (wanted.includes(MediaType.valueOf(format.type))) {
          return format;
        }
      }
    }
    return HTML;
  }

  /** The table as a file or as text. */
  ResponseEntity<Object> answer(Object json, Sheet sheet, String name) {
    var answer = ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").varyBy("Accept");
    return switch (this) {
      case HTML, JSON -> answer.contentType(MediaType.APPLICATION_JSON).body(json);
      case CSV ->
          answer
              .header(
                  HttpHeaders.CONTENT_DISPOSITION,
                  "attachment; filename=\"%s.csv\"".formatted(name.toLowerCase(Locale.ROOT)))
              .header(HttpHeaders.CONTENT_TYPE, "text/csv;charset=UTF-8")
              .body(sheet.csv());
      case PLAIN ->
          answer.header(HttpHeaders.CONTENT_TYPE, "text/plain;charset=UTF-8").body(sheet.plain());
    };
  }

  private static List<MediaType> parse(@Nullable String accept) {
    try {
      var types = MediaType.parseMediaTypes(accept);
      MimeTypeUtils.sortBySpecificity(types);
      return types;
    } catch (InvalidMediaTypeException nothingKnown) {
      return List.of();
    }
  }
}
