package dev.behalf.web.billing.receipts;

import java.util.List;

/** What is asked of the database for receipts, for the test of its plans. */
public final class ReceiptQueries {

  public static final List<String> ALL = List.of(Receipts.CHARACTERS);

  private ReceiptQueries() {}
}
