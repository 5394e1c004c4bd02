package dev.behalf.web.identity.accounts;

import dev.behalf.web.site.pages.Site;
import dev.behalf.web.site.security.ReturnAddress;
import dev.behalf.web.site.security.SignIn;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The sign-in page; Spring Security handles the form that it sends. */
@Controller
class SignInPage {

  private final List<Provider> providers;
  private final Site site;

  SignInPage(ObjectProvider<ClientRegistrationRepository> registrations, Site site) {
    this.site = site;
    this.providers =
        registrations.getIfAvailable() instanceof Iterable<?> all
            ? StreamSupport.stream(all.spliterator(), false)
                .map(ClientRegistration.class::cast)
                .map(client -> new Provider(client.getRegistrationId(), client.getClientName()))
                .toList()
            : List.of();
  }

  /** A configured sign-in provider. */
  record Provider(String id, String name) {}

  @GetMapping("/signin")
  String form(
      @RequestParam @Nullable String fault,
      @RequestParam @Nullable String expired,
      @RequestParam @Nullable String signedout,
      @RequestParam @Nullable String deleted,
      @RequestParam @Nullable String reset,
      @RequestParam @Nullable String confirmed,
      @RequestParam @Nullable String throttled,
      @RequestParam(name = "provider_fault") @Nullable String providerFault,
      @RequestParam(name = "provider_unknown") @Nullable String providerUnknown,
      @RequestParam(name = "passkey_fault") @Nullable String passkeyFault,
      @RequestParam(name = ReturnAddress.PARAMETER) @Nullable String next,
      HttpServletRequest request,
      Model model) {
    ReturnAddress.keep(next, request);
    model.addAttribute("address", SignIn.lastAddress(request));
    model.addAttribute("providers", providers);
    model.addAttribute("origin", site.origin());
    if (fault != null) {
      model.addAttribute("fault", "signin.fault.wrong");
    } else if (throttled != null) {
      model.addAttribute("fault", "signin.fault.wait");
      model.addAttribute("wait", minutes(throttled));
    } else if (providerFault != null) {
      model.addAttribute("fault", "signin.fault.provider");
    } else if (providerUnknown != null) {
      model.addAttribute("fault", "signin.fault.unknown");
    } else if (passkeyFault != null) {
      model.addAttribute("fault", "signin.fault.passkey");
    }
    if (expired != null) {
      model.addAttribute("notice", "signin.notice.expired");
    } else if (deleted != null) {
      model.addAttribute("notice", "signin.notice.deleted");
    } else if (reset != null) {
      model.addAttribute("notice", "signin.notice.reset");
    } else if (confirmed != null) {
      model.addAttribute("notice", "signin.notice.confirmed");
    } else if (signedout != null) {
      model.addAttribute("notice", "signin.notice.signedout");
    }
    return "signin";
  }

  /**
   * Returns the wait in minutes, rounded up. The query parameter can hold any text; one that is not
   * a number counts as 1 minute.
   */
  private static int minutes(String text) {
    return text.matches("\\d{1,3}") ? Integer.parseInt(text) + 1 : 1;
  }
}
