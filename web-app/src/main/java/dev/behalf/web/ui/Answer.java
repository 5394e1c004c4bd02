package dev.behalf.web.ui;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/** In which form a list is wanted: the same address answers a browser, a program and a terminal. */
enum Answer {
  HTML("text/html"),
  JSON("application/json"),
  CSV("text/csv"),
  PLAIN("text/plain");

  private static final Map<String, Answer> BY_WORD =
      Map.of("json", JSON, "csv", CSV, "txt", PLAIN, "html", HTML);

  private final String type;

  Answer(String type) {
    this.type = type;
  }

  /** With its charset. */
  String contentType() {
    return type + ";charset=UTF-8";
  }

  /** By {@code ?format=csv}, which a link can say, else by the Accept header; else a page. */
  static Answer wanted(HttpServletRequest request) {
    var word = BY_WORD.get(String.valueOf(request.getParameter("format")));
    if (word != null) {
      return word;
    }
    for (var accepted : accepted(request)) {
      for (var answer : values()) {
        if (accepted.includes(MediaType.parseMediaType(answer.type))) {
          return answer;
        }
      }
    }
    return HTML;
  }

  private static List<MediaType> accepted(HttpServletRequest request) {
    try {
      var types = MediaType.parseMediaTypes(request.getHeader("Accept"));
      MimeTypeUtils.sortBySpecificity(types);
      return types;
    } catch (InvalidMediaTypeException unreadable) {
      return List.of();
    }
  }
}
