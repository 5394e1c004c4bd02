package dev.behalf.web.site.security;

import org.springframework.security.web.authentication.AuthenticationSuccessHandler;

/** Makes a user of somebody whom another provider has signed in: a port of the session's door. */
public interface ProviderSignIn extends AuthenticationSuccessHandler {}
