package dev.behalf.cli.profile;

/** There is no key to send, or none for that server. */
public final class NotSignedIn extends RuntimeException {

  public NotSignedIn(String message) {
    super(message, null, false, false);
  }
}
