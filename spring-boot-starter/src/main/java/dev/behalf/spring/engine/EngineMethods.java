package dev.behalf.spring.engine;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Finds the methods with {@link BehalfEngine} in the application's beans. */
class EngineMethods implements SmartInitializingSingleton {

  private final ConfigurableListableBeanFactory beans;
  private final EngineProperties properties;
  private final Map<String, EngineMethod> methods = new TreeMap<>();

  EngineMethods(ConfigurableListableBeanFactory beans, EngineProperties properties) {
    this.beans = beans;
    this.properties = properties;
  }

  @Nullable EngineMethod find(String name) {
    return methods.get(name);
  }

  /** Returns all engines, by name. */
  Collection<EngineMethod> all() {
    return Collections.unmodifiableCollection(methods.values());
  }

  @Override
  public void afterSingletonsInstantiated() {
    for (var name : beans.getBeanNamesForType(Object.class, true, false)) {
      var type = ScopedProxyUtils.isScopedTarget(name) ? null : type(name);
      if (type != null && !type.getName().startsWith("org.springframework.")) {
        add(name, ClassUtils.getUserClass(type));
      }
    }
    if (!methods.isEmpty() && properties.secrets().isEmpty() && !properties.unsigned()) {
      throw new IllegalStateException(
          "Set behalf.engine.secrets, or behalf.engine.unsigned=true to let anyone call the engines.");
    }
  }

  private @Nullable Class<?> type(String bean) {
    var target = AutoProxyUtils.determineTargetClass(beans, bean);
    return target == null ? beans.getType(bean, false) : target;
  }

  private void add(String bean, Class<?> type) {
    ReflectionUtils.MethodFilter isEngine =
        method -> AnnotatedElementUtils.hasAnnotation(method, BehalfEngine.class);
    for (var method : MethodIntrospector.selectMethods(type, isEngine)) {
      var engine =
          Objects.requireNonNull(
              AnnotatedElementUtils.findMergedAnnotation(method, BehalfEngine.class));
      var instance = beans.getBean(bean);
      var found =
          new EngineMethod(
              engine, instance, AopUtils.selectInvocableMethod(method, instance.getClass()));
      var other = methods.putIfAbsent(found.name(), found);
      if (other != null) {
        throw new IllegalStateException(
            "%s and %s are both the engine \"%s\".".formatted(other, found, found.name()));
      }
    }
  }
}
