package dev.behalf.web.site.security;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.thymeleaf.context.ITemplateContext;
import org.thymeleaf.dialect.IPostProcessorDialect;
import org.thymeleaf.engine.AbstractTemplateHandler;
import org.thymeleaf.model.ICloseElementTag;
import org.thymeleaf.model.IOpenElementTag;
import org.thymeleaf.model.IProcessableElementTag;
import org.thymeleaf.model.IStandaloneElementTag;
import org.thymeleaf.postprocessor.IPostProcessor;
import org.thymeleaf.postprocessor.PostProcessor;
import org.thymeleaf.templatemode.TemplateMode;
import org.unbescape.html.HtmlEscape;

/**
 * Turns off, on each page that an operator views as a user, the forms that change something and the
 * links to pages that {@link Viewing} leaves closed. It does so as the page is written, so that no
 * template needs to know.
 */
@Component
class ReadOnlyPages implements IPostProcessorDialect {

  private static final int AFTER_ALL_OTHERS = Integer.MAX_VALUE;

  @Override
  public String getName() {
    return "read-only pages";
  }

  @Override
  public int getDialectPostProcessorPrecedence() {
    return AFTER_ALL_OTHERS;
  }

  @Override
  public Set<IPostProcessor> getPostProcessors() {
    return Set.of(new PostProcessor(TemplateMode.HTML, TurnOff.class, AFTER_ALL_OTHERS));
  }

  /** Handles one page; public because Thymeleaf creates it. */
  public static final class TurnOff extends AbstractTemplateHandler {

    private static final Set<String> CONTROLS = Set.of("button", "input", "select", "textarea");

    /** The forms that change nothing of the user, and nothing of the operator by mistake. */
    private static final Set<String> ON = Set.of("/ops/view/end", "/signout", "/receipts/check");

    private @Nullable ITemplateContext viewed;
    private boolean isInsideOff;

    @Override
    public void setContext(ITemplateContext context) {
      super.setContext(context);
      viewed = Boolean.TRUE.equals(context.getVariable(Viewing.IS_VIEWED)) ? context : null;
    }

    @Override
    public void handleOpenElement(IOpenElementTag tag) {
      if (viewed != null && tag.getElementCompleteName().equals("form")) {
        isInsideOff =
            "post".equalsIgnoreCase(tag.getAttributeValue("method"))
                && !ON.contains(path(tag.getAttributeValue("action")));
      }
      super.handleOpenElement(viewed == null ? tag : turnedOff(tag, viewed));
    }

    @Override
    public void handleStandaloneElement(IStandaloneElementTag tag) {
      super.handleStandaloneElement(viewed == null ? tag : turnedOff(tag, viewed));
    }

    @Override
    public void handleCloseElement(ICloseElementTag tag) {
      if (tag.getElementCompleteName().equals("form")) {
        isInsideOff = false;
      }
      super.handleCloseElement(tag);
    }

    private <T extends IProcessableElementTag> T turnedOff(T tag, ITemplateContext context) {
      var factory = context.getModelFactory();
      if (isInsideOff && CONTROLS.contains(tag.getElementCompleteName())) {
        return factory.setAttribute(
            factory.setAttribute(tag, "disabled", "disabled"), "title", reason(context));
      }
      if (tag.getElementCompleteName().equals("a")
          && Viewing.isRefused(path(tag.getAttributeValue("href")))) {
        // A link without an address is none; the role keeps it one for a screen reader.
        var off = factory.setAttribute(factory.removeAttribute(tag, "href"), "role", "link");
        return factory.setAttribute(
            factory.setAttribute(off, "aria-disabled", "true"), "title", reason(context));
      }
      return tag;
    }

    private static String reason(ITemplateContext context) {
      return HtmlEscape.escapeHtml4Xml(
          context.getMessage(
              ReadOnlyPages.class,
              "ops.view.off",
              new Object[] {context.getVariable("email")},
              true));
    }

    /** Returns the path below live or test mode, without query and fragment. */
    private static String path(@Nullable String address) {
      if (address == null) {
        return "";
      }
      var path = address.replaceFirst("[?#].*", "");
      return path.startsWith(TestMode.PREFIX + "/")
          ? path.substring(TestMode.PREFIX.length())
          : path;
    }
  }
}
