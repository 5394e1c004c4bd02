package dev.example.site;

import jakarta.servlet.DispatcherType;
import java.net.URI;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;

/** Who may do what. The starter itself lets signed calls of engines pass. */
@Configuration(proxyBeanMethods = false)
class Security {

  @Bean
  SecurityFilterChain filterChain(HttpSecurity http, @Value("${behalf.server}") URI behalf) {
    return http.authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers("/sign-in", "/site.css", "/icon.svg", "/task.js")
                    .permitAll()
                    .requestMatchers(HttpMethod.GET, "/actuator/health")
                    .permitAll()
                    .requestMatchers(HttpMethod.POST, Hooks.PATH)
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        // The signature authenticates the caller of the webhook, which has no session.
        .csrf(csrf -> csrf.ignoringRequestMatchers(Hooks.PATH))
        .formLogin(form -> form.loginPage("/sign-in").permitAll())
        .logout(logout -> logout.logoutUrl("/sign-out").logoutSuccessUrl("/sign-in"))
        .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(csp(behalf))))
        .build();
  }

  /** The browser may fetch from this site and read jobs at Behalf, and nothing else. */
  private static String csp(URI behalf) {
    return String.join(
        "; ",
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self' " + behalf.getScheme() + "://" + behalf.getRawAuthority(),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'");
  }

  @Bean
  PasswordEncoder passwordEncoder() {
    return PasswordEncoderFactories.createDelegatingPasswordEncoder();
  }
}
