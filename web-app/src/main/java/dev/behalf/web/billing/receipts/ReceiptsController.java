package dev.behalf.web.billing.receipts;

import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.security.Caller;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ReceiptsController {

  private final Receipts receipts;

  ReceiptsController(Receipts receipts) {
    this.receipts = receipts;
  }

  @GetMapping("/api/v1/jobs/{id}/receipt")
  Receipts.Receipt find(Caller caller, @PathVariable UUID id) {
    return receipts.of(caller, id).orElseThrow(Problem::notFound);
  }
}
