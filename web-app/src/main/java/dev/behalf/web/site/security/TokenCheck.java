package dev.behalf.web.site.security;

import dev.behalf.server.security.SchemeFilter;

/** {@code Authorization: Bearer <TOKEN>}: from the token to its user. A port of the door. */
public interface TokenCheck extends SchemeFilter.Authenticator {}
