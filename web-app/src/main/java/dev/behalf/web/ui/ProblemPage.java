package dev.behalf.web.ui;

import dev.behalf.contract.ProblemCode;
import dev.behalf.problem.Problem;
import java.util.Arrays;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** Where the {@code type} of a problem leads. */
@Controller
class ProblemPage {

  @GetMapping("/docs/problems/{code}")
  String page(@PathVariable String code, Model model) {
    var problem =
        Arrays.stream(ProblemCode.values())
            .filter(known -> known.wire().equals(code))
            .findFirst()
            .orElseThrow(Problem::notFound);
    model.addAttribute("problem", problem);
    return "problem";
  }
}
