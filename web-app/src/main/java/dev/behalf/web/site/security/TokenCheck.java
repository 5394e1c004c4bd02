package dev.behalf.web.site.security;

import dev.behalf.server.security.SchemeFilter;

/**
 * Authenticates {@code Authorization: Bearer <TOKEN>}, from the token to its user; a port of the
 * bearer scheme.
 */
public interface TokenCheck extends SchemeFilter.Authenticator {}
