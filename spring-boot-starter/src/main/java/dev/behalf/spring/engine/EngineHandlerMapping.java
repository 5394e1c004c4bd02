package dev.behalf.spring.engine;

import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Leads calls of engines to their endpoint, before the application's own mappings. */
class EngineHandlerMapping extends SimpleUrlHandlerMapping {

  EngineHandlerMapping(EngineEndpoint endpoint) {
    super(Map.of(EngineEndpoint.PATH + "/{name}", endpoint), Ordered.HIGHEST_PRECEDENCE + 100);
  }
}
