//! One operation: what is known of a handler.

use std::any::type_name;
use std::collections::BTreeMap;

use utoipa::ToSchema;
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, RefOr, Required, Response};

use crate::names::Names;

/// What is known of a handler: its arguments and results add to it.
#[derive(Debug)]
pub struct Operation<'d> {
    pattern: String,
    parameters: Vec<Described<Parameter>>,
    body: Option<Described<RequestBody>>,
    answers: BTreeMap<String, Described<Response>>,
    /// The status of what is added, if what adds it does not know better.
    status: Option<&'static str>,
    names: Described<&'d mut Names>,
}

/// Something of utoipa's, which has no `Debug`.
struct Described<T>(T);

impl<T> std::fmt::Debug for Described<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(type_name::<T>())
    }
}

impl<'d> Operation<'d> {
    /// The operation at a pattern such as `/flights/[date]`: its parameters are texts until an
    /// argument knows better.
    pub(crate) fn new(pattern: &str, names: &'d mut Names) -> Self {
        let mut operation = Self {
            pattern: pattern.to_owned(),
            parameters: Vec::new(),
            body: None,
            answers: BTreeMap::new(),
            status: None,
            names: Described(names),
        };
        for name in parameters(pattern) {
            let schema = operation.schema::<String>();
            operation.parameter(name, ParameterIn::Path, true, schema);
        }
        operation
    }

    /// The names of the parameters in the path, in its order.
    pub(crate) fn path_names(&self) -> Vec<String> {
        parameters(&self.pattern).map(str::to_owned).collect()
    }

    /// The path as OpenAPI spells it.
    pub(crate) fn path(&self) -> String {
        self.pattern.replace('[', "{").replace(']', "}")
    }

    /// Adds a parameter, in place of one of the same name and place.
    pub fn parameter(
        &mut self,
        name: &str,
        place: ParameterIn,
        required: bool,
        schema: RefOr<Schema>,
    ) {
        let required = if required {
            Required::True
        } else {
            Required::False
        };
        let description = description(&schema);
        let mut others = self.parameters.iter_mut();
        let other =
            others.find(|Described(other)| other.name == name && other.parameter_in == place);
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(place)
            .required(required)
            .description(description)
            .schema(Some(schema))
            .build();
        match other {
            Some(other) => other.0 = parameter,
            None => self.parameters.push(Described(parameter)),
        }
    }

    /// Sets the body that a request must have; without a schema it is bytes.
    pub fn body(&mut self, media_type: &str, schema: Option<RefOr<Schema>>) {
        let body = RequestBodyBuilder::new().content(media_type, Content::new(schema));
        let body = body.required(Some(Required::True)).build();
        self.body = Some(Described(body));
    }

    /// Says whether a request must have its body.
    pub(crate) fn body_required(&mut self, required: Required) {
        if let Some(Described(body)) = &mut self.body {
            body.required = Some(required);
        }
    }

    /// Adds an answer without a body. `status` may be a range such as `2XX`.
    pub fn answer(&mut self, status: &str) {
        self.answer_with(status, Response::new(""));
    }

    /// Adds an answer with a body; without a schema it may be anything.
    pub fn answer_of(&mut self, status: &str, media_type: &str, schema: Option<RefOr<Schema>>) {
        let mut response = Response::new("");
        let content = Content::new(schema);
        response
            .content
            .insert(media_type.to_owned(), RefOr::T(content));
        self.answer_with(status, response);
    }

    /// Adds answers of a handler that has failed: they are the default, whatever their status.
    pub fn failure(&mut self, describe: impl FnOnce(&mut Self)) {
        self.with_status("default", describe);
    }

    /// Adds answers with some status of success.
    pub fn any_success(&mut self, describe: impl FnOnce(&mut Self)) {
        self.with_status("2XX", describe);
    }

    /// The outermost decides: what is in a failure is one.
    fn with_status(&mut self, status: &'static str, describe: impl FnOnce(&mut Self)) {
        let before = self.status;
        self.status = before.or(Some(status));
        describe(self);
        self.status = before;
    }

    fn answer_with(&mut self, status: &str, mut response: Response) {
        let status = self.status.unwrap_or(status);
        response.description = match status {
            "default" => "The request has failed",
            _ => "Success",
        }
        .to_owned();
        self.answers.insert(status.to_owned(), Described(response));
    }

    /// The schema of a type: by its name, which the document then explains, if it is a type of its
    /// own.
    ///
    /// # Panics
    /// If another type has its name.
    pub fn schema<T: ToSchema>(&mut self) -> RefOr<Schema> {
        self.names.0.schema::<T>()
    }

    /// The names of types.
    pub(crate) fn names(&mut self) -> &mut Names {
        self.names.0
    }

    pub(crate) fn finish(self, id: &str, docs: &str) -> utoipa::openapi::path::Operation {
        let (summary, description) = docs.split_once("\n\n").unwrap_or((docs, ""));
        let text = |text: &str| (!text.is_empty()).then(|| text.trim().to_owned());
        let mut operation = OperationBuilder::new()
            .operation_id(Some(id))
            .summary(text(&summary.replace('\n', " ")))
            .description(text(description))
            .request_body(self.body.map(|Described(body)| body));
        for Described(parameter) in self.parameters {
            operation = operation.parameter(parameter);
        }
        for (status, Described(response)) in self.answers {
            operation = operation.response(status, response);
        }
        operation.build()
    }
}

/// The names of the parameters in a pattern.
fn parameters(pattern: &str) -> impl Iterator<Item = &str> {
    let parts = pattern.split('/');
    parts.filter_map(|part| part.strip_prefix('[')?.strip_suffix(']'))
}

/// A name for generators that make one function of each operation: `get_api_rivers_name`.
pub(crate) fn operation_id(method: &str, pattern: &str) -> String {
    let words = pattern.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    std::iter::once(method)
        .chain(words)
        .collect::<Vec<_>>()
        .join("_")
}

fn description(schema: &RefOr<Schema>) -> Option<String> {
    match schema {
        RefOr::T(Schema::Object(object)) => object.description.clone(),
        RefOr::T(Schema::Array(array)) => array.description.clone(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_has_a_name() {
        assert_eq!(
            operation_id("get", "/api/rivers/[name]"),
            "get_api_rivers_name"
        );
        assert_eq!(operation_id("get", "/"), "get");
    }
}
