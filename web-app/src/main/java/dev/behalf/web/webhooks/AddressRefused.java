package dev.behalf.web.webhooks;

import java.net.UnknownHostException;

/** Thrown for an address that may not be called; the message does not reveal the address. */
final class AddressRefused extends UnknownHostException {

  private static final long serialVersionUID = 1;

  AddressRefused() {
    super("The address is not public.");
  }
}
