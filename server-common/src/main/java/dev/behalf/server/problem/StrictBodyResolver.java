package dev.behalf.server.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Resolves the {@link StrictBody} parameters of controllers. */
public final class StrictBodyResolver implements HandlerMethodArgumentResolver {

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.hasParameterAnnotation(StrictBody.class);
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders)
      throws IOException {
    var servletRequest = Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class));
    var asked = Objects.requireNonNull(parameter.getParameterAnnotation(StrictBody.class));
    return JsonBody.read(servletRequest, parameter.getParameterType(), asked.storable());
  }
}
