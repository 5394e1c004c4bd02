package dev.behalf.web.site.security;

import java.util.UUID;

/** Says which users prove their identity in a second step, after the password. */
public interface SecondStep {

  /** The address of the second step. */
  String PATH = "/signin/code";

  boolean isAsked(UUID userId);
}
