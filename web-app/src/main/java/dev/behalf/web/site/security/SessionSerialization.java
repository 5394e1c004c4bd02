package dev.behalf.web.site.security;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.GenericConverter;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.core.serializer.support.DeserializingConverter;
import org.springframework.core.serializer.support.SerializationFailedException;
import org.springframework.core.serializer.support.SerializingConverter;

/** Writes and reads the attributes of sessions. */
@Configuration(proxyBeanMethods = false)
class SessionSerialization {

  /** The name by which Spring Session looks for it. */
  @Bean("springSessionConversionService")
  GenericConversionService conversion() {
    var conversion = new GenericConversionService();
    conversion.addConverter(Object.class, byte[].class, new SerializingConverter());
    conversion.addConverter(
        new Reading(new DeserializingConverter(SessionSerialization.class.getClassLoader())));
    return conversion;
  }

  /**
   * Reads an attribute. One that this version cannot read, because the version that wrote it had
   * another class in its place, counts as absent: after an upgrade the user signs in again instead
   * of getting an error.
   */
  private record Reading(DeserializingConverter converter) implements GenericConverter {

    @Override
    public Set<ConvertiblePair> getConvertibleTypes() {
      return Set.of(new ConvertiblePair(byte[].class, Object.class));
    }

    @Override
    public @Nullable Object convert(
        @Nullable Object source, TypeDescriptor from, TypeDescriptor to) {
      try {
        return converter.convert((byte[]) Objects.requireNonNull(source));
      } catch (SerializationFailedException ofAnotherVersion) {
        return null;
      }
    }
  }
}
