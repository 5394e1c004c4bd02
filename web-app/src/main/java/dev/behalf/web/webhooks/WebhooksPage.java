package dev.behalf.web.webhooks;

import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The webhook pages: the list, the form for a new webhook, and a page for each webhook. */
@Controller
@RequestMapping("/webhooks")
class WebhooksPage {

  private static final int SHOWN = 20;

  private final Endpoints endpoints;
  private final Deliveries deliveries;

  WebhooksPage(Endpoints endpoints, Deliveries deliveries) {
    this.endpoints = endpoints;
    this.deliveries = deliveries;
  }

  /** The values of the webhook form, shown again after an error. */
  record Form(@Nullable String url, @Nullable List<String> events, @Nullable String description) {

    static final Form EMPTY = new Form("", words(EventType.values()), "");

    static Form of(Endpoint endpoint) {
      return new Form(
          endpoint.url(),
          words(endpoint.events().toArray(EventType[]::new)),
          endpoint.description());
    }

    private static List<String> words(EventType... types) {
      return Arrays.stream(types).map(EventType::wire).toList();
    }

    String given() {
      return Objects.requireNonNullElse(url, "").strip();
    }

    Set<EventType> chosen() {
      var words = Objects.requireNonNullElse(events, List.of());
      return Arrays.stream(EventType.values())
          .filter(type -> words.contains(type.wire()))
          .collect(Collectors.toSet());
    }

    String described() {
      return Objects.requireNonNullElse(description, "").strip();
    }
  }

  @GetMapping
  String list(Owner owner, Environment mode, Model model) {
    model.addAttribute(
        "webhooks",
        endpoints.list(owner).stream().filter(endpoint -> endpoint.environment() == mode).toList());
    return "webhooks";
  }

  @GetMapping("/new")
  String form(Model model) {
    return form(model, Form.EMPTY, "");
  }

  /** Creates a webhook; the response is the only page that ever shows this secret. */
  @PostMapping
  String create(
      Owner owner, Environment mode, Form form, Model model, HttpServletResponse response) {
    try {
      var issued =
          endpoints.create(
              owner, new NewEndpoint(mode, form.given(), form.chosen(), form.described()));
      model.addAttribute("secret", issued.secret());
      return page(owner, issued.endpoint(), model);
    } catch (Problem problem) {
      return form(model, form, fault(problem, response));
    }
  }

  @GetMapping("/{id}")
  String page(
      Owner owner,
      @PathVariable UUID id,
      @RequestParam @Nullable String state,
      @RequestParam @Nullable String before,
      Model model) {
    return page(owner, find(owner, id), state, before, model);
  }

  @PostMapping("/{id}")
  String change(
      Owner owner, @PathVariable UUID id, Form form, Model model, HttpServletResponse response) {
    try {
      endpoints.change(owner, id, form.given(), form.chosen(), form.described());
      return to(id);
    } catch (Problem problem) {
      var endpoint = find(owner, id);
      model.addAttribute("fault", fault(problem, response));
      return page(owner, endpoint, model);
    }
  }

  @PostMapping("/{id}/disablement")
  String disable(Owner owner, @PathVariable UUID id) {
    endpoints.disable(owner, id);
    return to(id);
  }

  @PostMapping("/{id}/disablement/end")
  String enable(Owner owner, @PathVariable UUID id) {
    endpoints.enable(owner, id);
    return to(id);
  }

  @PostMapping("/{id}/rotation")
  String rotate(Owner owner, @PathVariable UUID id, Model model) {
    var issued = endpoints.rotate(owner, id);
    model.addAttribute("secret", issued.secret());
    return page(owner, issued.endpoint(), model);
  }

  @PostMapping("/{id}/rotation/end")
  String endRotation(Owner owner, @PathVariable UUID id) {
    endpoints.endRotation(owner, id);
    return to(id);
  }

  @PostMapping("/{id}/removal")
  String remove(Owner owner, @PathVariable UUID id) {
    endpoints.remove(owner, id);
    return "redirect:/webhooks";
  }

  @PostMapping("/{id}/test-events")
  String test(Owner owner, @PathVariable UUID id) {
    return DeliveryPage.to(id, deliveries.test(owner, id).id());
  }

  private Endpoint find(Owner owner, UUID id) {
    return endpoints.find(owner, id).orElseThrow(Problem::notFound);
  }

  private static String to(UUID id) {
    return "redirect:/webhooks/" + id;
  }

  /** Sets status 422 and returns the field's name, for which the page has a message. */
  private static String fault(Problem problem, HttpServletResponse response) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    return Objects.requireNonNullElse(problem.field(), "form");
  }

  private static String form(Model model, Form form, String fault) {
    model.addAttribute("form", form);
    model.addAttribute("fault", fault);
    model.addAttribute("events", EventType.values());
    return "new-webhook";
  }

  private String page(Owner owner, Endpoint endpoint, Model model) {
    return page(owner, endpoint, null, null, model);
  }

  private String page(
      Owner owner,
      Endpoint endpoint,
      @Nullable String state,
      @Nullable String before,
      Model model) {
    var only = DeliveryState.of(Objects.requireNonNullElse(state, "")).orElse(null);
    var found = deliveries.list(owner, endpoint.id(), only, before, SHOWN);
    model.addAttribute("webhook", endpoint);
    model.addAttribute("health", deliveries.health(owner, endpoint.id()));
    model.addAttribute("deliveries", found);
    model.addAttribute("state", only == null ? "" : only.wire());
    model.addAttribute(
        "next", found.size() < SHOWN ? null : Objects.requireNonNull(found.getLast()).id());
    model.addAttribute("events", EventType.values());
    // Without an error, the form shows the current values.
    if (!model.containsAttribute("fault")) {
      model.addAttribute("form", Form.of(endpoint));
      model.addAttribute("fault", "");
    }
    return "webhook";
  }
}
