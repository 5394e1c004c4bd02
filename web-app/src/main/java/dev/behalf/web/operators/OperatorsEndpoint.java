package dev.behalf.web.operators;

import dev.behalf.doors.Scope;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Makes somebody an operator, and takes it back. Only here: no page makes one, so nobody who has
 * got hold of a session can make more of it.
 */
@Component
@Endpoint(id = "operators")
class OperatorsEndpoint {

  private final JdbcClient database;
  private final OperatorLog log;

  OperatorsEndpoint(JdbcClient database, OperatorLog log) {
    this.database = database;
    this.log = log;
  }

  record Operator(String email, String role) {}

  @ReadOperation
  Map<String, List<Operator>> operators() {
    return Map.of(
        "operators",
        database
            .sql(
                "select email, scopes from accounts.users where position('ops:' in scopes) > 0 order by id")
            .query(
                (row, index) ->
                    new Operator(
                        row.getString("email"),
                        OperatorRole.of(Scope.parse(row.getString("scopes"))).wire()))
            .list());
  }

  /**
   * It holds at once, also for sessions that there are.
   *
   * @param role observer, operator or none
   */
  @WriteOperation
  @Transactional
  public WebEndpointResponse<Operator> set(String email, String role) {
    record Account(UUID id, String scopes) {}
    var asked = role(role);
    var address = email.strip().toLowerCase(Locale.ROOT);
    var account =
        database
            .sql(
                "select id, scopes from accounts.users where email = ? and disabled_at is null for no key update")
            .param(address)
            .query(
                (row, index) ->
                    new Account(row.getObject("id", UUID.class), row.getString("scopes")))
            .optional();
    if (account.isEmpty()) {
      return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
    }
    var id = account.get().id();
    database
        .sql("update accounts.users set scopes = ? where id = ?")
        .params(Scope.format(asked.grantTo(Scope.parse(account.get().scopes()))), id)
        .update();
    log.writeOfPort("operator.set", id.toString(), Map.of("role", asked.wire()));
    log.tell(id, "operator.set", Map.of("role", asked.wire()));
    return new WebEndpointResponse<>(new Operator(address, asked.wire()));
  }

  private static OperatorRole role(String word) {
    try {
      return OperatorRole.of(word);
    } catch (IllegalArgumentException unknown) {
      throw new InvalidEndpointRequestException(
          "no such role", String.valueOf(unknown.getMessage()));
    }
  }
}
