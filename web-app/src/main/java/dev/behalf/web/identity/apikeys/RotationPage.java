package dev.behalf.web.identity.apikeys;

import dev.behalf.server.problem.Problem;
import dev.behalf.web.site.pages.Site;
import dev.behalf.web.site.preferences.ProblemMessages;
import dev.behalf.web.site.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.BindParam;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * The page of a key's rotation: how long both keys work, and how much the old one is still used.
 */
@Controller
@RequestMapping("/keys/{id}/rotation")
class RotationPage {

  /**
   * Time without use, in seconds, after which the old key counts as silent, unless the rotation
   * sets one.
   */
  private static final long QUIET_SECONDS = Duration.ofMinutes(15).toSeconds();

  private final Keys keys;
  private final KeyTraffic traffic;
  private final ProblemMessages messages;
  private final Snippets snippets;
  private final Site site;
  private final InstantSource clock;

  RotationPage(
      Keys keys,
      KeyTraffic traffic,
      ProblemMessages messages,
      Snippets snippets,
      Site site,
      InstantSource clock) {
    this.keys = keys;
    this.traffic = traffic;
    this.messages = messages;
    this.snippets = snippets;
    this.site = site;
    this.clock = clock;
  }

  /** The rotation form: the overlap, and the time without use that ends {@code until_silent}. */
  record Form(@Nullable String overlap, @BindParam("silent_for") @Nullable String silentFor) {}

  @GetMapping
  String page(Caller caller, @PathVariable String id, Model model) {
    var key = keys.find(caller, id).orElseThrow(Problem::notFound);
    return key.state() == KeyState.ACTIVE || key.state() == KeyState.ROTATING
        ? page(caller, key, model, Map.of())
        : "redirect:/keys/" + id;
  }

  /** Rotates the key. The response is the only page that ever shows the new key. */
  @PostMapping
  String rotate(
      Caller caller,
      @PathVariable String id,
      Form form,
      Model model,
      HttpServletRequest request,
      HttpServletResponse response) {
    try {
      var rotated =
          keys.rotate(
              caller,
              id,
              KeyForm.overlap("overlap", form.overlap()),
              KeyForm.overlap("silent_for", form.silentFor()).time());
      if (rotated.secret() != null) {
        model.addAttribute("secret", rotated.secret());
        model.addAttribute("snippets", snippets.newKey(site.address(request), rotated.secret()));
      }
      return page(caller, rotated.old(), model, Map.of());
    } catch (Problem problem) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      var key = keys.find(caller, id).orElseThrow(Problem::notFound);
      return page(caller, key, model, messages.byField(problem));
    }
  }

  @PostMapping("/end")
  String rollBack(Caller caller, @PathVariable String id) {
    return "redirect:/keys/" + keys.rollBack(caller, id).id();
  }

  private String page(Caller caller, KeyView key, Model model, Map<String, String> faults) {
    var now = clock.instant();
    model.addAttribute("key", key);
    model.addAttribute("faults", faults);
    model.addAttribute("overlaps", List.of(Overlap.values()));
    if (key.rotation() != null) {
      var successor = key.rotation().replacedBy();
      model.addAttribute("successor", keys.find(caller, successor).orElse(null));
      model.addAttribute("silent", isSilent(key, key.rotation(), now));
      model.addAttribute(
          "chart", RotationChart.of(traffic.days(caller.userId()), key.id(), successor, now));
    }
    return "rotation";
  }

  /** Returns whether the old key has been silent for long enough to end without being missed. */
  private static boolean isSilent(KeyView key, KeyView.Handover rotation, Instant now) {
    var used = key.lastUsed();
    var quiet = Objects.requireNonNullElse(rotation.silentSeconds(), QUIET_SECONDS);
    var since = used == null || used.at().isBefore(rotation.since()) ? rotation.since() : used.at();
    return !since.plusSeconds(quiet).isAfter(now);
  }
}
