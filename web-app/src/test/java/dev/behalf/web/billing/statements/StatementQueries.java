package dev.behalf.web.billing.statements;

import java.util.List;

/** What is asked of the database for statements, for the test of its plans. */
public final class StatementQueries {

  public static final String STATEMENT = Statements.STATEMENT;

  public static final List<String> ALL =
      List.of(STATEMENT, Statements.PERIODS, Statements.CHARGES, Statements.CHARGE);

  private StatementQueries() {}
}
