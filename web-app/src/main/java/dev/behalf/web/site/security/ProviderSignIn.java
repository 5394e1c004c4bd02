package dev.behalf.web.site.security;

import org.springframework.security.web.authentication.AuthenticationSuccessHandler;

/** Signs in a user whom another provider has authenticated; a port of the session scheme. */
public interface ProviderSignIn extends AuthenticationSuccessHandler {}
