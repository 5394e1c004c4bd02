package dev.behalf.web.webhooks;

import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import java.util.UUID;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** The page of one delivery: its body and the result of each attempt. */
@Controller
@RequestMapping("/webhooks/{id}/deliveries/{delivery}")
class DeliveryPage {

  private final Endpoints endpoints;
  private final Deliveries deliveries;

  DeliveryPage(Endpoints endpoints, Deliveries deliveries) {
    this.endpoints = endpoints;
    this.deliveries = deliveries;
  }

  static String to(UUID id, String delivery) {
    return "redirect:/webhooks/" + id + "/deliveries/" + delivery;
  }

  @GetMapping
  String page(Owner owner, @PathVariable UUID id, @PathVariable String delivery, Model model) {
    var detail = deliveries.find(owner, id, delivery);
    model.addAttribute("webhook", endpoints.find(owner, id).orElseThrow(Problem::notFound));
    model.addAttribute("detail", detail);
    model.addAttribute("delivery", detail.delivery());
    model.addAttribute("readable", readable(detail.body()));
    return "webhook-delivery";
  }

  @PostMapping("/replay")
  String replay(Owner owner, @PathVariable UUID id, @PathVariable String delivery) {
    deliveries.replay(owner, id, delivery);
    return to(id, delivery);
  }

  private static String readable(String body) {
    return StrictJson.MAPPER.readTree(body).toPrettyString();
  }
}
