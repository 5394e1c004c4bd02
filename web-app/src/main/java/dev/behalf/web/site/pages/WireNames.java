package dev.behalf.web.site.pages;

import dev.behalf.contract.WireName;
import java.util.Arrays;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Reads enums in queries and forms by their names outside Java, such as {@code live}. */
@Configuration(proxyBeanMethods = false)
class WireNames implements WebMvcConfigurer {

  @Override
  public void addFormatters(FormatterRegistry registry) {
    registry.addConverterFactory(new OfText());
  }

  private static final class OfText implements ConverterFactory<String, WireName> {

    @Override
    public <T extends WireName> Converter<String, T> getConverter(Class<T> type) {
      return text ->
          Arrays.stream(type.getEnumConstants())
              .filter(constant -> constant.wire().equals(text))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("This name is not known."));
    }
  }
}
