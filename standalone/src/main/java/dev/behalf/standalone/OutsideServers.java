package dev.behalf.standalone;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import dev.behalf.database.Roles;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Checks the database and the broker that an operator provides, before anything starts. */
final class OutsideServers {

  private static final int PATIENCE_SECONDS = 5;

  private OutsideServers() {}

  static void requireDatabase(URI address) {
    if (!Set.of("postgresql", "postgres").contains(String.valueOf(address.getScheme()))
        || address.getHost() == null) {
      throw new UserError(
          "Write the database address as postgresql://admin:password@host:port/name (--database).");
    }
    var login = login(address, "postgres");
    var properties = new Properties();
    properties.putAll(parameters(address));
    properties.setProperty("user", login.name());
    properties.setProperty("password", login.password());
    properties.setProperty("connectTimeout", String.valueOf(PATIENCE_SECONDS));
    properties.setProperty("loginTimeout", String.valueOf(2 * PATIENCE_SECONDS));
    var url = "jdbc:postgresql://%s:%d/postgres".formatted(address.getHost(), port(address, 5432));
    try {
      DriverManager.getConnection(url, properties).close();
    } catch (SQLException fault) {
      var state = Objects.requireNonNullElse(fault.getSQLState(), "");
      if (state.equals("3D000") || state.equals("42501")) {
        return; // The server answers, only without a postgres database for this login.
      }
      throw new UserError(
          "The database at %s:%d %s (--database)."
              .formatted(
                  address.getHost(),
                  port(address, 5432),
                  state.startsWith("28")
                      ? "refuses the user \"" + login.name() + "\" or the password"
                      : "does not answer: check that it is running and the address is right"));
    }
  }

  /**
   * Returns whether the address is a single AMQP URL. Spring also accepts a list of brokers, or an
   * address without a scheme.
   */
  static boolean isOneBroker(URI address) {
    return Set.of("amqp", "amqps").contains(String.valueOf(address.getScheme()))
        && address.getHost() != null;
  }

  static void requireBroker(URI address) {
    if (!isOneBroker(address)) {
      throw new UserError("Write the broker address as amqp://user:password@host:port (--broker).");
    }
    var where =
        "The broker at %s:%d "
            .formatted(
                address.getHost(),
                port(address, "amqps".equals(address.getScheme()) ? 5671 : 5672));
    try {
      var factory = new ConnectionFactory();
      factory.setUri(address);
      factory.setConnectionTimeout(PATIENCE_SECONDS * 1_000);
      factory.setHandshakeTimeout(PATIENCE_SECONDS * 1_000);
      factory.setAutomaticRecoveryEnabled(false);
      factory.newConnection("behalf up").close();
    } catch (PossibleAuthenticationFailureException refused) {
      throw new UserError(where + "refuses the user or the password (--broker).");
    } catch (IOException | TimeoutException away) {
      throw new UserError(
          where + "does not answer: check that it is running and the address is right (--broker).");
    } catch (GeneralSecurityException | java.net.URISyntaxException wrong) {
      throw new UserError("Write the broker address as amqp://user:password@host:port (--broker).");
    }
  }

  /** Returns the user and password of an address, with percent escapes decoded. */
  static Roles.Login login(URI address, String usual) {
    var given = Objects.requireNonNullElse(address.getRawUserInfo(), usual).split(":", 2);
    return new Roles.Login(plain(given[0]), given.length > 1 ? plain(given[1]) : "");
  }

  /** Returns the query parameters of an address, such as {@code sslmode}. */
  static Map<String, String> parameters(URI address) {
    var parameters = new HashMap<String, String>();
    for (var pair : Objects.requireNonNullElse(address.getRawQuery(), "").split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(plain(pair.substring(0, equals)), plain(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  static int port(URI address, int usual) {
    return address.getPort() < 0 ? usual : address.getPort();
  }

  private static String plain(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
