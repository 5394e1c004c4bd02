package dev.behalf.server.problem;

import dev.behalf.contract.ProblemCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Refuses a request whose client does not accept JSON before anything else happens, so a 406 means
 * that nothing was done. Every answer is sent as {@code application/json}, whatever else the client
 * accepts.
 */
public final class JsonAccepted implements HandlerInterceptor {

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE) != null) {
      // The handler names the type of its answers itself.
      return true;
    }
    if (!isAccepted(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)))) {
      throw new Problem(
          ProblemCode.NOT_ACCEPTABLE, "Send Accept: application/json; nothing was done.");
    }
    request.setAttribute(
        HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE, Set.of(MediaType.APPLICATION_JSON));
    return true;
  }

  /**
   * Returns whether JSON is accepted: the most specific range that matches decides (RFC 9110,
   * 12.5.1).
   */
  private static boolean isAccepted(List<String> headers) {
    if (headers.isEmpty()) {
      return true;
    }
    try {
      var ranges = MediaType.parseMediaTypes(String.join(",", headers));
      return ranges.stream()
          .filter(range -> range.includes(MediaType.APPLICATION_JSON))
          .max(Comparator.comparingInt(JsonAccepted::specificity))
          .map(range -> range.getQualityValue() > 0)
          .orElse(ranges.isEmpty());
    } catch (InvalidMediaTypeException notUnderstood) {
      return false;
    }
  }

  private static int specificity(MediaType range) {
    return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
  }
}
