package dev.behalf.cli.profile;

/** Thrown if there is no usable key for the server. */
public final class NotSignedIn extends RuntimeException {

  public NotSignedIn(String message) {
    super(message, null, false, false);
  }
}
