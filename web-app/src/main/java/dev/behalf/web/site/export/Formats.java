package dev.behalf.web.site.export;

import dev.behalf.server.problem.FromRequest;
import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Passes the wanted {@link Format} to controllers. */
@Configuration(proxyBeanMethods = false)
class Formats implements WebMvcConfigurer {

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new FromRequest<>(Format.class, Format::wanted));
  }
}
