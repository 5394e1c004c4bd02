package dev.behalf.compute.security;

import dev.behalf.server.openapi.OpenApi;
import dev.behalf.server.operations.OperationSchemas;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Serves the OpenAPI document and the page to try the API. */
@Controller
class ApiDocument {

  private final OpenApi api;

  ApiDocument(
      RequestMappingHandlerMapping requestMappingHandlerMapping, OperationSchemas operations) {
    this.api =
        new OpenApi(
            "Behalf compute-server",
            Routes.ALL,
            requestMappingHandlerMapping,
            operations::components);
  }

  @GetMapping("/v1/openapi.json")
  @ResponseBody
  Map<String, Object> document() {
    return api.document();
  }

  @GetMapping("/docs/api")
  String explorer() {
    return "forward:/explorer.html";
  }
}
