package dev.behalf.web.billing.receipts;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Units;
import dev.behalf.web.billing.statements.Price;
import dev.behalf.web.billing.statements.Statements;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.operations.Operations;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Issues and checks receipts: charges with a signature, the seal. The signature covers the receipt
 * without its seal, as canonical JSON: properties sorted by name, no spaces (RFC 8785).
 */
@Component
class Receipts {

  private static final String SEAL = "seal";

  private final Statements statements;
  private final ReceiptKeys keys;
  private final Price price;
  private final Operations operations;

  Receipts(Statements statements, ReceiptKeys keys, Price price, Operations operations) {
    this.statements = statements;
    this.keys = keys;
    this.price = price;
    this.operations = operations;
  }

  /**
   * The receipt of one charge.
   *
   * @param outcome how the job ended: succeeded or cancelled
   * @param held the units held before the work; absent if the cost was known before
   * @param actor the credential that asked for the job: the user's own, as in {@code key …}, or of
   *     who acted for the user, as in {@code platform …}; absent for jobs of earlier releases
   * @param amount the amount of money; absent without a price
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Receipt(
      int v,
      UUID jobId,
      UUID userId,
      String environment,
      String period,
      String operation,
      int operationVersion,
      String outcome,
      long units,
      @Nullable Long held,
      @Nullable String amount,
      String keyId,
      String key,
      @Nullable String actor,
      Instant chargedAt,
      @Nullable ReceiptSeal seal) {}

  /** An Ed25519 signature and the id of the published key that made it. */
  record ReceiptSeal(String algorithm, String keyId, String signature) {}

  /** Returns the receipt of a job in an environment that the caller may see, live before test. */
  Optional<Receipt> of(Caller caller, UUID jobId) {
    return Arrays.stream(Environment.values())
        .filter(caller::maySee)
        .flatMap(environment -> statements.charge(caller.userId(), environment, jobId).stream())
        .findFirst()
        .map(charge -> sealed(caller.userId(), charge));
  }

  /** Returns the price by which a job was charged; empty if its operation is unknown. */
  Optional<Units> priceOf(Receipt receipt) {
    return operations
        .version(receipt.operation(), receipt.operationVersion())
        .map(operation -> operation.definition().units());
  }

  boolean isGenuine(byte[] json) {
    try {
      var receipt = StrictJson.MAPPER.readTree(json);
      if (!(receipt instanceof ObjectNode object)
          || !(object.remove(SEAL) instanceof ObjectNode seal)
          || seal.size() != 3
          || !seal.path("algorithm").asString("").equals("Ed25519")) {
        return false;
      }
      return keys.isGenuine(
          canonical(object),
          new ReceiptKeys.Signed(
              seal.path("key_id").asString(""), seal.path("signature").asString("")));
    } catch (JacksonException unreadable) {
      return false;
    }
  }

  private Receipt sealed(UUID userId, Statements.Charge charge) {
    var plain = receipt(userId, charge, null);
    var signed = keys.sign(canonical(StrictJson.MAPPER.valueToTree(plain)));
    return receipt(userId, charge, new ReceiptSeal("Ed25519", signed.keyId(), signed.signature()));
  }

  private Receipt receipt(UUID userId, Statements.Charge charge, @Nullable ReceiptSeal seal) {
    var environment = charge.environment().wire();
    return new Receipt(
        1,
        charge.jobId(),
        userId,
        environment,
        charge.period(),
        charge.operation(),
        charge.version(),
        charge.outcome(),
        charge.units(),
        charge.held(),
        price.of(environment, charge.units()),
        charge.keyId(),
        charge.key(),
        charge.actor(),
        charge.chargedAt(),
        seal);
  }

  /** Sorts the properties; that is enough, since all values are strings and integers. */
  private static byte[] canonical(JsonNode receipt) {
    var sorted = new TreeMap<String, JsonNode>();
    receipt.properties().forEach(property -> sorted.put(property.getKey(), property.getValue()));
    return StrictJson.write(sorted);
  }
}
