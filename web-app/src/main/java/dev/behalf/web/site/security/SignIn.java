package dev.behalf.web.site.security;

import dev.behalf.contract.StorableText;
import dev.behalf.server.security.UserPrincipal;
import dev.behalf.web.site.preferences.SavedPreferences;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfAuthenticationStrategy;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Begins sessions: with a password, after sign-up, or with another provider. Each sign-in changes
 * the session's id, so that an id planted beforehand is useless.
 */
@Component
public class SignIn {

  /** Maximum length of an address in UTF-16 units, with room for what is stripped or normalised. */
  private static final int MAX_ADDRESS = 400;

  private static final int MAX_PASSWORD = 1_000;

  private static final String ADDRESS = "behalf.address";
  private static final String HALFWAY = "behalf.halfway";
  private static final Duration LONGEST_HALFWAY = Duration.ofMinutes(10);

  /** Replaces the CSRF token, so that a token of the earlier session is useless too. */
  private final CsrfAuthenticationStrategy tokens =
      new CsrfAuthenticationStrategy(new HttpSessionCsrfTokenRepository());

  private final SignInThrottle throttle;
  private final Sessions sessions;
  private final SavedPreferences saved;
  private final SecurityContextRepository contexts;
  private final ObjectProvider<ClientRegistrationRepository> providers;
  private final ObjectProvider<ProviderSignIn> withProvider;
  private final SecondStep secondStep;
  private final RequestCache interrupted;
  private final InstantSource clock;
  private final Duration sessionAge;
  private final SavedRequestAwareAuthenticationSuccessHandler onward =
      new SavedRequestAwareAuthenticationSuccessHandler();

  SignIn(
      SignInThrottle throttle,
      Sessions sessions,
      SavedPreferences saved,
      SecurityContextRepository contexts,
      RequestCache interrupted,
      ObjectProvider<ClientRegistrationRepository> providers,
      ObjectProvider<ProviderSignIn> withProvider,
      SecondStep secondStep,
      InstantSource clock,
      @Value("${behalf.session-age}") Duration sessionAge) {
    this.throttle = throttle;
    this.sessions = sessions;
    this.saved = saved;
    this.contexts = contexts;
    this.providers = providers;
    this.withProvider = withProvider;
    this.secondStep = secondStep;
    this.interrupted = interrupted;
    this.clock = clock;
    this.sessionAge = sessionAge;
    onward.setRequestCache(interrupted);
    onward.setDefaultTargetUrl("/home");
  }

  /**
   * Begins a session for a user who has just proved their identity, and redirects to the next page.
   */
  public <U extends UserDetails & UserPrincipal> void begin(
      U user, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    request.getSession().removeAttribute(HALFWAY);
    request.changeSessionId();
    var authentication =
        UsernamePasswordAuthenticationToken.authenticated(user, null, user.getAuthorities());
    var context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(authentication);
    SecurityContextHolder.setContext(context);
    contexts.saveContext(context, request, response);
    tokens.onAuthentication(authentication, request, response);
    lead(request, response, authentication);
  }

  void configure(HttpSecurity http) {
    http.formLogin(
        form ->
            form.loginPage("/signin")
                .usernameParameter("email")
                .successHandler(
                    (request, response, authentication) -> {
                      throttle.giveBack(account(request), request.getRemoteAddr());
                      proved(request, response, authentication);
                    })
                .failureHandler(
                    (request, response, e) -> {
                      keepAddress(request);
                      response.sendRedirect("/signin?fault");
                    }));
    if (providers.getIfAvailable() != null) {
      http.oauth2Login(
          login ->
              login
                  .loginPage("/signin")
                  .successHandler(withProvider.getObject())
                  .failureHandler(
                      (request, response, e) -> response.sendRedirect("/signin?provider_fault")));
    }
  }

  /**
   * Goes on after a right password. The filter has stored the sign-in already: it is taken back
   * first, so that a question that cannot be answered leaves nobody signed in. Until the answer
   * nobody knows the new id of the session, so nobody has used it meanwhile.
   */
  private void proved(
      HttpServletRequest request, HttpServletResponse response, Authentication authentication)
      throws IOException, ServletException {
    var context = SecurityContextHolder.getContext();
    SecurityContextHolder.clearContext();
    contexts.saveContext(SecurityContextHolder.createEmptyContext(), request, response);
    if (authentication.getPrincipal() instanceof UserPrincipal user
        && secondStep.isAsked(user.userId())) {
      request.getSession().setAttribute(HALFWAY, user.userId() + " " + clock.millis());
      response.sendRedirect(SecondStep.PATH);
      return;
    }
    SecurityContextHolder.setContext(context);
    contexts.saveContext(context, request, response);
    lead(request, response, authentication);
  }

  /** Returns the user who has given the right password in this session, not long ago. */
  public Optional<UUID> halfway(HttpServletRequest request) {
    var session = request.getSession(false);
    return session != null && session.getAttribute(HALFWAY) instanceof String halfway
        ? Optional.of(halfway.split(" ", 2))
            .filter(
                parts ->
                    Instant.ofEpochMilli(Long.parseLong(parts[1]))
                        .plus(LONGEST_HALFWAY)
                        .isAfter(clock.instant()))
            .map(parts -> UUID.fromString(parts[0]))
        : Optional.empty();
  }

  /** Returns the filter that throttles sign-in, before any password is hashed. */
  Filter throttle() {
    return new OncePerRequestFilter() {
      @Override
      protected void doFilterInternal(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws ServletException, IOException {
        if (!request.getMethod().equals("POST") || !request.getServletPath().equals("/signin")) {
          chain.doFilter(request, response);
          return;
        }
        if (!isPossible(request)) {
          response.sendRedirect("/signin?fault");
          return;
        }
        var wait = throttle.take(account(request), request.getRemoteAddr());
        if (wait.isPresent()) {
          keepAddress(request);
          response.setHeader("Retry-After", String.valueOf(wait.get().toSeconds()));
          response.sendRedirect("/signin?throttled=" + wait.get().toMinutes());
        } else {
          chain.doFilter(request, response);
        }
      }
    };
  }

  /** Returns the filter that ends sessions at their maximum age, however active they are. */
  public Filter endOld() {
    return new OncePerRequestFilter() {
      @Override
      protected void doFilterInternal(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws ServletException, IOException {
        var session = request.getSession(false);
        DuplicateSubmissions.keepIf(session != null, request);
        if (session != null
            && Instant.ofEpochMilli(session.getCreationTime())
                .plus(sessionAge)
                .isBefore(clock.instant())) {
          session.invalidate();
        }
        chain.doFilter(request, response);
      }
    };
  }

  private void lead(
      HttpServletRequest request, HttpServletResponse response, Authentication authentication)
      throws IOException, ServletException {
    if (authentication.getPrincipal() instanceof UserPrincipal principal) {
      sessions.began(principal.userId(), request);
      saved.bring(principal.userId(), response);
    }
    var next = ReturnAddress.take(request);
    if (next.isPresent() && interrupted.getRequest(request, response) == null) {
      response.sendRedirect(next.get());
    } else {
      onward.onAuthenticationSuccess(request, response, authentication);
    }
  }

  /** Keeps the address for the next try, so that only the password has to be typed. */
  private static void keepAddress(HttpServletRequest request) {
    var address = account(request);
    if (address.length() <= MAX_ADDRESS && StorableText.isStorable(address)) {
      request.getSession().setAttribute(ADDRESS, address);
    }
  }

  /** Returns and forgets the address of the last try that failed; empty without one. */
  public static String lastAddress(HttpServletRequest request) {
    var session = request.getSession(false);
    if (session == null || !(session.getAttribute(ADDRESS) instanceof String address)) {
      return "";
    }
    session.removeAttribute(ADDRESS);
    return address;
  }

  /**
   * Returns whether an account could have this address and password: neither is too long, and both
   * can be stored.
   */
  private static boolean isPossible(HttpServletRequest request) {
    var password = Objects.requireNonNullElse(request.getParameter("password"), "");
    return account(request).length() <= MAX_ADDRESS
        && password.length() <= MAX_PASSWORD
        && StorableText.isStorable(account(request))
        && StorableText.isStorable(password);
  }

  private static String account(HttpServletRequest request) {
    return Objects.requireNonNullElse(request.getParameter("email"), "");
  }
}
