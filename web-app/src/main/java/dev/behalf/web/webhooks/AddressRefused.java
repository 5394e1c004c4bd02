package dev.behalf.web.webhooks;

import java.net.UnknownHostException;

/** The address is none that may be called. The name alone is said, and not where it leads. */
final class AddressRefused extends UnknownHostException {

  private static final long serialVersionUID = 1;

  AddressRefused() {
    super("The address is not public.");
  }
}
