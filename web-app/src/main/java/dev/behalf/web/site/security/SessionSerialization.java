package dev.behalf.web.site.security;

import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.core.serializer.support.DeserializingConverter;
import org.springframework.core.serializer.support.SerializationFailedException;
import org.springframework.core.serializer.support.SerializingConverter;

/**
 * Reads the attributes of sessions. An attribute that this version cannot read, because the version
 * that wrote it had another class in its place, counts as absent: after an upgrade the user signs
 * in again instead of getting an error.
 */
@Configuration(proxyBeanMethods = false)
class SessionSerialization {

  /** The name by which Spring Session looks for it. */
  @Bean("springSessionConversionService")
  GenericConversionService conversion() {
    var read = new DeserializingConverter(getClass().getClassLoader());
    var conversion = new GenericConversionService();
    conversion.addConverter(Object.class, byte[].class, new SerializingConverter());
    conversion.addConverter(byte[].class, Object.class, bytes -> readOrNull(read, bytes));
    return conversion;
  }

  private static @Nullable Object readOrNull(DeserializingConverter read, byte[] bytes) {
    try {
      return read.convert(bytes);
    } catch (SerializationFailedException ofAnotherVersion) {
      return null;
    }
  }
}
