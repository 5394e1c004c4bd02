package dev.behalf.web.billing.receipts;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.security.Caller;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.SerializationFeature;

/** The receipt page of a job, and the page that checks whether a receipt is genuine. */
@Controller
class ReceiptPage {

  private static final int MAX_RECEIPT = 16 * 1024;

  private final Receipts receipts;
  private final ReceiptKeys keys;

  ReceiptPage(Receipts receipts, ReceiptKeys keys) {
    this.receipts = receipts;
    this.keys = keys;
  }

  record CheckAnswer(boolean genuine) {}

  @GetMapping("/jobs/{id}/receipt")
  Object receipt(Caller caller, @PathVariable UUID id, Format format) {
    var receipt = receipts.of(caller, id).orElseThrow(Problem::notFound);
    if (format != Format.HTML) {
      return table(receipt).answer(format, receipt, "receipt-" + id);
    }
    var page = new ModelAndView("receipt");
    page.addObject("receipt", receipt);
    page.addObject("price", receipts.priceOf(receipt).orElse(null));
    page.addObject("json", pretty(receipt));
    return page;
  }

  @GetMapping("/receipts/check")
  String form() {
    return "check";
  }

  @PostMapping(path = "/receipts/check", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
  String check(@RequestParam(defaultValue = "") String receipt, Model model) {
    model.addAttribute("given", receipt);
    model.addAttribute("genuine", isGenuine(receipt.getBytes(UTF_8)));
    return "check";
  }

  @PostMapping("/receipts/check")
  @ResponseBody
  CheckAnswer check(@RequestBody(required = false) byte @Nullable [] json) {
    return new CheckAnswer(json != null && isGenuine(json));
  }

  /** Returns the public keys as JSON Web Keys (RFC 8037). */
  @GetMapping("/.well-known/behalf-receipts.json")
  @ResponseBody
  Map<String, Object> published() {
    return Map.of(
        "keys",
        keys.published().stream()
            .map(
                key -> {
                  var jwk = new LinkedHashMap<String, Object>();
                  jwk.put("kty", "OKP");
                  jwk.put("crv", "Ed25519");
                  jwk.put("use", "sig");
                  jwk.put("kid", key.id());
                  jwk.put("x", key.x());
                  return jwk;
                })
            .toList());
  }

  private boolean isGenuine(byte[] json) {
    return json.length <= MAX_RECEIPT && receipts.isGenuine(json);
  }

  private static Table table(Receipts.Receipt receipt) {
    var rows = new ArrayList<List<Object>>();
    StrictJson.MAPPER
        .valueToTree(receipt)
        .properties()
        .forEach(
            part ->
                rows.add(
                    List.of(
                        part.getKey(),
                        part.getValue().isString()
                            ? part.getValue().asString()
                            : part.getValue().toString())));
    return new Table(List.of("property", "value"), rows);
  }

  private static String pretty(Receipts.Receipt receipt) {
    return StrictJson.MAPPER
        .writer()
        .with(SerializationFeature.INDENT_OUTPUT)
        .writeValueAsString(receipt);
  }
}
