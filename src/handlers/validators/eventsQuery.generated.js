// Generated from schemas/ by `npm run generate`. Do not edit.
// <stdin>
var eventsQuery = validate50;
var pattern21 = new RegExp("^[a-z0-9][a-z0-9_-]{0,63}$", "u");
var pattern23 = new RegExp("^(0|[1-9][0-9]{0,14})$", "u");
var pattern24 = new RegExp("^[1-9][0-9]{0,2}$", "u");
function validate51(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate51.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.after === void 0 && (missing0 = "after")) {
        validate51.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        const _errs1 = errors;
        for (const key0 in data) {
          if (!(key0 === "room" || key0 === "after" || key0 === "limit")) {
            validate51.errors = [{ instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" }];
            return false;
            break;
          }
        }
        if (_errs1 === errors) {
          if (data.room !== void 0) {
            let data0 = data.room;
            const _errs2 = errors;
            const _errs3 = errors;
            if (errors === _errs3) {
              if (typeof data0 === "string") {
                if (!pattern21.test(data0)) {
                  validate51.errors = [{ instancePath: instancePath + "/room", schemaPath: "#/$defs/Room/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9][a-z0-9_-]{0,63}$" }, message: 'must match pattern "^[a-z0-9][a-z0-9_-]{0,63}$"' }];
                  return false;
                }
              } else {
                validate51.errors = [{ instancePath: instancePath + "/room", schemaPath: "#/$defs/Room/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                return false;
              }
            }
            var valid0 = _errs2 === errors;
          } else {
            var valid0 = true;
          }
          if (valid0) {
            if (data.after !== void 0) {
              let data1 = data.after;
              const _errs5 = errors;
              const _errs6 = errors;
              if (errors === _errs6) {
                if (typeof data1 === "string") {
                  if (!pattern23.test(data1)) {
                    validate51.errors = [{ instancePath: instancePath + "/after", schemaPath: "#/$defs/SeqParameter/pattern", keyword: "pattern", params: { pattern: "^(0|[1-9][0-9]{0,14})$" }, message: 'must match pattern "^(0|[1-9][0-9]{0,14})$"' }];
                    return false;
                  }
                } else {
                  validate51.errors = [{ instancePath: instancePath + "/after", schemaPath: "#/$defs/SeqParameter/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                  return false;
                }
              }
              var valid0 = _errs5 === errors;
            } else {
              var valid0 = true;
            }
            if (valid0) {
              if (data.limit !== void 0) {
                let data2 = data.limit;
                const _errs8 = errors;
                const _errs9 = errors;
                if (errors === _errs9) {
                  if (typeof data2 === "string") {
                    if (!pattern24.test(data2)) {
                      validate51.errors = [{ instancePath: instancePath + "/limit", schemaPath: "#/$defs/LimitParameter/pattern", keyword: "pattern", params: { pattern: "^[1-9][0-9]{0,2}$" }, message: 'must match pattern "^[1-9][0-9]{0,2}$"' }];
                      return false;
                    }
                  } else {
                    validate51.errors = [{ instancePath: instancePath + "/limit", schemaPath: "#/$defs/LimitParameter/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                    return false;
                  }
                }
                var valid0 = _errs8 === errors;
              } else {
                var valid0 = true;
              }
            }
          }
        }
      }
    } else {
      validate51.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate51.errors = vErrors;
  return errors === 0;
}
validate51.evaluated = { "props": true, "dynamicProps": false, "dynamicItems": false };
function validate50(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate50.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.queryStringParameters === void 0 && (missing0 = "queryStringParameters")) {
        validate50.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        if (data.queryStringParameters !== void 0) {
          if (!validate51(data.queryStringParameters, { instancePath: instancePath + "/queryStringParameters", parentData: data, parentDataProperty: "queryStringParameters", rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate51.errors : vErrors.concat(validate51.errors);
            errors = vErrors.length;
          }
        }
      }
    } else {
      validate50.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate50.errors = vErrors;
  return errors === 0;
}
validate50.evaluated = { "props": { "queryStringParameters": true }, "dynamicProps": false, "dynamicItems": false };
export {
  eventsQuery
};
