package dev.behalf.database;

import dev.behalf.database.Operators.Account;
import dev.behalf.database.Operators.Role;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;

/**
 * The commands {@code operators list}, {@code operators add ACCOUNT [observer]} and {@code
 * operators remove ACCOUNT}, the same in the {@code behalf} command and in the migration image.
 */
public final class OperatorsCommand {

  private final Operators operators;
  private final PrintStream out;

  public OperatorsCommand(Operators operators, PrintStream out) {
    this.operators = operators;
    this.out = out;
  }

  /**
   * Runs the command.
   *
   * @return what is wrong and what to do, as one sentence; empty on success
   */
  public String run(List<String> words) throws SQLException {
    return switch (words.isEmpty() ? "list" : words.getFirst()) {
      case "list" -> list();
      case "add" ->
          words.size() == 2
              ? set(words.get(1), Role.OPERATOR)
              : words.size() == 3 && words.get(2).equals("observer")
                  ? set(words.get(1), Role.OBSERVER)
                  : "Name one account: operators add EMAIL|ID [observer].";
      case "remove" ->
          words.size() == 2
              ? set(words.get(1), Role.NONE)
              : "Name one account: operators remove EMAIL|ID.";
      default -> "Unknown operators command. Use one of list, add, remove.";
    };
  }

  private String list() throws SQLException {
    operators.list().forEach(this::print);
    return "";
  }

  private String set(String whom, Role role) throws SQLException {
    var found = operators.find(whom);
    if (found.isEmpty()) {
      return "No account found for " + whom + ": sign up first.";
    }
    var account = found.getFirst();
    var isById = account.id().toString().equalsIgnoreCase(whom);
    if (role != Role.NONE && !isById && (found.size() > 1 || !account.isVerified())) {
      found.forEach(this::print);
      return "This e-mail address is not verified: check the account, and use its id instead.";
    }
    operators.set(account.id(), role);
    operators.find(account.id().toString()).forEach(this::print);
    return "";
  }

  private void print(Account account) {
    out.printf(
        "%-8s  %s  %s%s, signed up %s%n",
        account.role(),
        account.id(),
        account.email(),
        account.isVerified() ? "" : " (not verified)",
        account.createdAt());
  }
}
