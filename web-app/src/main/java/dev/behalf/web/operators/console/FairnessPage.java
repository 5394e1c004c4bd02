package dev.behalf.web.operators.console;

import dev.behalf.contract.Environment;
import dev.behalf.web.site.export.Format;
import dev.behalf.web.site.export.Table;
import dev.behalf.web.site.security.Caller;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The fairness page: users' lanes and shares in the environment that the site is switched to. */
@Controller
class FairnessPage {

  /** The maximum number of users in the chart; the table lists all. */
  private static final int DRAWN = 24;

  private final Fairness fairness;
  private final InstantSource clock;

  FairnessPage(Fairness fairness, InstantSource clock) {
    this.fairness = fairness;
    this.clock = clock;
  }

  @GetMapping("/ops/fairness")
  Object page(Environment environment, Format format, Model model) {
    var picture = fairness.of(environment);
    model.addAttribute("picture", picture);
    model.addAttribute("drawn", picture.parts().stream().limit(DRAWN).toList());
    model.addAttribute("common", fairness.commonCap());
    model.addAttribute("environment", environment.wire());
    model.addAttribute("spans", new OperatorFormats(clock.instant()));
    return new Table(
            List.of(
                "user_id",
                "email",
                "share_hour",
                "share_now",
                "served_hour",
                "served_5_min",
                "queued",
                "out",
                "weight",
                "cap"),
            picture.parts().stream()
                .<List<?>>map(
                    p ->
                        Table.row(
                            p.userId(),
                            p.email(),
                            p.share(),
                            p.shareNow(),
                            p.hour(),
                            p.lately(),
                            p.queued(),
                            p.out(),
                            p.weight(),
                            p.cap()))
                .toList())
        .orPage(format, "operators/fairness");
  }

  @PostMapping("/ops/lanes")
  String set(
      Caller caller,
      @RequestParam String environment,
      @RequestParam UUID user,
      @RequestParam int weight,
      @RequestParam @Nullable Integer cap) {
    fairness.set(caller, FormValues.environment(environment), user, weight, cap);
    return "redirect:/ops/fairness";
  }
}
