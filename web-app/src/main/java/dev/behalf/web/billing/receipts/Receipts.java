package dev.behalf.web.billing.receipts;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.web.billing.statements.Price;
import dev.behalf.web.billing.statements.Statements;
import dev.behalf.web.site.security.Caller;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Charges with a seal. What is sealed is the receipt without its seal as JSON of one spelling:
 * properties in the order of their names, no spaces (RFC 8785).
 */
@Component
class Receipts {

  static final String CHARACTERS =
      "select length(payload::json ->> 'text') from jobs.jobs where user_id = :user and id = :job";

  private static final String SEAL = "seal";

  private final Statements statements;
  private final ReceiptKeys keys;
  private final Price price;
  private final JdbcClient database;

  Receipts(Statements statements, ReceiptKeys keys, Price price, JdbcClient database) {
    this.statements = statements;
    this.keys = keys;
    this.price = price;
    this.database = database;
  }

  /**
   * What a receipt says.
   *
   * @param amount where there is a price
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Receipt(
      int v,
      UUID jobId,
      UUID userId,
      String environment,
      String period,
      String operation,
      long units,
      @Nullable String amount,
      String keyId,
      String key,
      Instant chargedAt,
      @Nullable ReceiptSeal seal) {}

  /** An Ed25519 signature, and of which of the published keys. */
  record ReceiptSeal(String algorithm, String keyId, String signature) {}

  /**
   * Of the live job with that id or, where the caller may see it and there is no live one, of the
   * test job.
   */
  Optional<Receipt> of(Caller caller, UUID jobId) {
    return Arrays.stream(Environment.values())
        .filter(caller::maySee)
        .flatMap(environment -> statements.charge(caller.userId(), environment, jobId).stream())
        .findFirst()
        .map(charge -> sealed(caller.userId(), charge));
  }

  /** How long the text is that was paid for; nothing where the job is gone. */
  Optional<Long> characters(UUID userId, UUID jobId) {
    return database
        .sql(CHARACTERS)
        .param("user", userId)
        .param("job", jobId)
        .query(Long.class)
        .optional();
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
        charge.units(),
        price.of(environment, charge.units()),
        charge.keyId(),
        charge.key(),
        charge.chargedAt(),
        seal);
  }

  /** A receipt is flat: its properties are texts and whole numbers. */
  private static byte[] canonical(JsonNode receipt) {
    var sorted = new TreeMap<String, JsonNode>();
    receipt.properties().forEach(property -> sorted.put(property.getKey(), property.getValue()));
    return StrictJson.write(sorted);
  }
}
