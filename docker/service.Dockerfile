# Every image of Behalf, by build argument: docker build -f docker/service.Dockerfile --build-arg MODULE=worker .
# Target "service" (the default) checks its own health; target "once" is for MODULE=database, which runs and ends.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
# All modules in one run: four images cost one build.
RUN --mount=type=cache,target=/var/cache/maven \
    mvn -B -ntp -Dmaven.repo.local=/var/cache/maven -DskipTests -pl database,compute-server,web-app,worker -am package

FROM build AS layers
ARG MODULE
RUN java -Djarmode=tools -jar "$MODULE"/target/"$MODULE"-*-boot.jar \
    extract --layers --launcher --destination /layers

FROM eclipse-temurin:25-jre AS once
ARG HEAP=320m
ENV HEAP=$HEAP
# Not 1000: that is the user "ubuntu" of the image.
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin behalf
WORKDIR /app
COPY --from=layers /layers/dependencies/ ./
COPY --from=layers /layers/spring-boot-loader/ ./
COPY --from=layers /layers/snapshot-dependencies/ ./
COPY --from=layers /layers/application/ ./
USER 10001
# The options that the standalone command gives as well (Service.java), with both compilers of the JVM (decision 0039). exec: signals reach Java.
ENTRYPOINT ["/bin/sh", "-c", "exec java -XX:+UseSerialGC -Xms64m -Xmn40m -XX:MinHeapFreeRatio=20 -XX:MaxHeapFreeRatio=40 -XX:-ShrinkHeapInSteps -XX:+ExitOnOutOfMemoryError -XX:+UseCompactObjectHeaders -XX:TrimNativeHeapInterval=10000 --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xmx$HEAP org.springframework.boot.loader.launch.JarLauncher \"$@\"", "behalf"]

FROM once AS service
ARG HEALTH_PORT
ENV HEALTH_PORT=$HEALTH_PORT
COPY --chmod=755 docker/ready /usr/local/bin/ready
HEALTHCHECK --interval=5s --timeout=4s --start-period=90s --retries=6 CMD ["/usr/local/bin/ready"]
