package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.WireName;

/** A class of HTTP statuses, by which the requests of a key are filtered. */
enum StatusClass implements WireName {
  SUCCESSFUL(2),
  CLIENT_ERROR(4),
  SERVER_ERROR(5);

  private final int digit;

  StatusClass(int digit) {
    this.digit = digit;
  }

  /** Returns the class as people write it: {@code 2xx}. */
  @Override
  public String wire() {
    return digit + "xx";
  }

  /** Returns the lowest status of the class. */
  int from() {
    return digit * 100;
  }
}
